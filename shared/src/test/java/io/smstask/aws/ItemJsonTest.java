package io.smstask.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smstask.json.BadJson;
import io.smstask.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class ItemJsonTest {

    private static final Map<String, AttributeValue> ITEM = Map.of(
            "text", AttributeValue.fromS("grüezi 😀"),
            "empty", AttributeValue.fromS(""),
            "number", AttributeValue.fromN("1795000000000"),
            "yes", AttributeValue.fromBool(true),
            "nothing", AttributeValue.fromNul(true),
            "texts", AttributeValue.fromSs(List.of("a", "b")),
            "numbers", AttributeValue.fromNs(List.of("1", "2")),
            "list", AttributeValue.fromL(List.of(AttributeValue.fromS("a"), AttributeValue.fromN("1"))),
            "map", AttributeValue.fromM(Map.of("inner", AttributeValue.fromL(List.of()))));

    @Test
    void an_item_is_the_same_after_writing_and_reading() throws BadJson {
        assertThat(ItemJson.read(Json.parseObject(Json.write(ItemJson.write(ITEM)))))
                .isEqualTo(ITEM);
    }

    @Test
    void it_is_written_as_dynamodb_has_it() {
        assertThat(ItemJson.write(Map.of("sid", AttributeValue.fromS("SM1"))))
                .isEqualTo(Map.of("sid", Map.of("S", "SM1")));
    }

    @Test
    void a_type_that_nobody_here_writes_is_read_as_null() {
        assertThat(ItemJson.read(Map.of("strange", Map.of("B", "YQ=="))))
                .isEqualTo(Map.of("strange", AttributeValue.fromNul(true)));
    }

    @Test
    void a_type_that_nobody_here_writes_is_not_written() {
        Map<String, AttributeValue> binary = Map.of("b", AttributeValue.fromB(SdkBytes.fromUtf8String("a")));

        assertThatThrownBy(() -> ItemJson.write(binary)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "{\"a\":{}}",
                "{\"a\":{\"S\":\"x\",\"N\":\"1\"}}",
                "{\"a\":{\"S\":1}}",
                "{\"a\":{\"N\":1}}",
                "{\"a\":{\"BOOL\":\"true\"}}",
                "{\"a\":{\"SS\":\"x\"}}",
                "{\"a\":{\"SS\":[1]}}",
                "{\"a\":{\"L\":{}}}",
                "{\"a\":{\"L\":[\"x\"]}}",
                "{\"a\":{\"M\":[]}}"
            })
    void what_is_no_item_is_an_outage(String json) throws BadJson {
        Map<String, Object> parsed = Json.parseObject(json);

        assertThatThrownBy(() -> ItemJson.read(parsed)).isInstanceOf(SdkException.class);
    }
}
