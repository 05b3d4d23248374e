package io.smstask.task;

/** Where a task stands, named after the nodes of the original process. */
public enum Node {
    /** Claimed; Twilio's answer is not recorded yet. */
    CALLING_API("Calling API"),
    /** Twilio took the message; its final status is still to come. */
    WAITING_FOR_CALLBACK("Waiting for Callback"),
    /** The green end. */
    FINAL("Final"),
    /** The red end: {@code code} and {@code message} say why. */
    ESCALATION("Escalation");

    private final String label;

    Node(String label) {
        this.label = label;
    }

    /** The name in JSON and in the table. */
    public String label() {
        return label;
    }

    /**
     * The node with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Node of(String label) {
        for (Node node : values()) {
            if (node.label.equals(label)) {
                return node;
            }
        }
        throw new IllegalArgumentException("no node is named " + label);
    }
}
