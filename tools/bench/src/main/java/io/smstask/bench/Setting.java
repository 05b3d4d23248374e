package io.smstask.bench;

/**
 * What a cold start gets of the machine.
 *
 * @param processors how many it may use
 * @param isThrottled whether from the first event on it gets the memory's share of one; Lambda's init has a whole one
 */
record Setting(int processors, boolean isThrottled) {

    /** For headings. */
    String title() {
        String count = processors == 1 ? "one processor" : processors + " processors";
        return count + (isThrottled ? ", the memory's share of one from the first event on" : "");
    }
}
