package io.smstask.local.template;

/** The template is missing, broken, or not supported here. The message names the line. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }

    TemplateException(int line, String message) {
        super("template.yaml, line " + line + ": " + message);
    }
}
