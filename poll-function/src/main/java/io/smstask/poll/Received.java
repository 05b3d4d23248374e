package io.smstask.poll;

/**
 * A message as the queue hands it over.
 *
 * @param messageId the queue's own id of it
 * @param receives how often it has been handed over, this time included
 */
record Received(String messageId, int receives, String body) {

    /** After so many times the queue moves a message to the dead letters; the template says so. */
    static final int MOST_RECEIVES = 5;

    boolean isLast() {
        return receives >= MOST_RECEIVES;
    }
}
