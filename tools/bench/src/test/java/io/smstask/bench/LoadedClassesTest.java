package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoadedClassesTest {

    @Test
    void those_of_an_archive_are_told_from_those_that_are_parsed() {
        assertThat(LoadedClasses.count(List.of(
                        "java.lang.Object source: shared objects file",
                        "java.lang.String source: shared objects file (top)",
                        "io.smstask.send.SendHandler source: file:/task/",
                        "java.lang.invoke.LambdaForm$MH/0x1 source: __JVM_LookupDefineClass__",
                        "something else")))
                .isEqualTo(new LoadedClasses(4, 2));
    }
}
