package io.smstask.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates a value on first use and keeps it. */
public final class Once<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private @Nullable T made;

    /** Calls the maker at most once. */
    public Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        T present = made;
        if (present == null) {
            present = maker.get();
            made = present;
        }
        return present;
    }
}
