package io.smstask.json;

import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON strictly, character by character.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
 */
final class JsonReader {

    private static final int MAX_DEPTH = 1000;
    private static final int MAX_NUMBER_LENGTH = 1000;

    /** In characters. A stream may not fill the memory with one text; DynamoDB's and Twilio's are far shorter. */
    private static final int MAX_TEXT_LENGTH = 20_000_000;

    private static final int SURELY_LONG = 18;
    private static final int BUFFER_LENGTH = 8192;
    private static final int END = -1;

    private final @Nullable Reader rest;
    private final char[] buffer;
    private int next;
    private int end;
    private int depth;
    private int line = 1;
    private int column;

    /** Reads a text. */
    JsonReader(String text) {
        rest = null;
        buffer = text.toCharArray();
        end = buffer.length;
    }

    /** Reads a stream, and no further than it has to. */
    JsonReader(Reader stream) {
        rest = stream;
        buffer = new char[BUFFER_LENGTH];
    }

    /** Whether nothing is left but white space. */
    boolean isAtEnd() throws IOException {
        return afterSpace() == END;
    }

    /** Takes this character if it comes next, after white space. */
    boolean take(char expected) throws IOException {
        if (afterSpace() != expected) {
            return false;
        }
        next++;
        return true;
    }

    /** Takes this character, which has to come next. */
    void require(char expected) throws IOException, BadJson {
        if (!take(expected)) {
            throw bad();
        }
    }

    /** The name of a member, with its colon. */
    String name() throws IOException, BadJson {
        require('"');
        String name = text();
        require(':');
        return name;
    }

    /** Any value. */
    @Nullable
    Object value() throws IOException, BadJson {
        switch (afterSpace()) {
            case '{':
                next++;
                return object();
            case '[':
                next++;
                return list();
            case '"':
                next++;
                return text();
            case 't':
                return word("true", true);
            case 'f':
                return word("false", false);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    /** The members of an object whose brace has been taken, in their order. */
    Map<String, Object> object() throws IOException, BadJson {
        goDeeper();
        Map<String, Object> object = new LinkedHashMap<>();
        if (!take('}')) {
            do {
                String name = name();
                if (object.containsKey(name)) {
                    throw bad();
                }
                object.put(name, value());
            } while (take(','));
            require('}');
        }
        depth--;
        return object;
    }

    private List<Object> list() throws IOException, BadJson {
        goDeeper();
        List<Object> list = new ArrayList<>();
        if (!take(']')) {
            do {
                list.add(value());
            } while (take(','));
            require(']');
        }
        depth--;
        return list;
    }

    private void goDeeper() throws BadJson {
        if (++depth > MAX_DEPTH) {
            throw bad();
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) throws IOException, BadJson {
        for (int i = 0; i < word.length(); i++) {
            if (read() != word.charAt(i)) {
                throw badLast();
            }
        }
        return value;
    }

    private String text() throws IOException, BadJson {
        StringBuilder text = new StringBuilder();
        while (true) {
            int plain = next;
            while (plain < end && buffer[plain] >= ' ' && buffer[plain] != '"' && buffer[plain] != '\\') {
                plain++;
            }
            text.append(buffer, next, plain - next);
            next = plain;
            if (text.length() > MAX_TEXT_LENGTH) {
                throw bad();
            }
            int c = read();
            if (c == '"') {
                return text.toString();
            }
            if (c < ' ') {
                throw badLast();
            }
            text.append(c == '\\' ? escaped() : (char) c);
        }
    }

    private char escaped() throws IOException, BadJson {
        int c = read();
        int known = "\"\\/bfnrt".indexOf(c);
        if (known >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        if (c != 'u') {
            throw badLast();
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = read();
            int hex = digit < 0x80 ? Character.digit(digit, 16) : -1;
            if (hex < 0) {
                throw badLast();
            }
            value = 16 * value + hex;
        }
        return (char) value;
    }

    private Number number() throws IOException, BadJson {
        StringBuilder number = new StringBuilder();
        takeAny("-", number);
        if (!takeAny("0", number)) {
            digits(number);
        }
        int integer = number.length();
        if (takeAny(".", number)) {
            digits(number);
        }
        if (takeAny("eE", number)) {
            takeAny("+-", number);
            digits(number);
        }
        if (number.length() > integer) {
            return new BigDecimal(number.toString());
        }
        // BigInteger takes a millisecond to be initialised.
        if (integer > SURELY_LONG) {
            BigInteger big = new BigInteger(number.toString());
            return big.bitLength() < Long.SIZE ? (Number) big.longValue() : big;
        }
        long value = Long.parseLong(number.toString());
        return value == (int) value ? (Number) (int) value : value;
    }

    private void digits(StringBuilder number) throws IOException, BadJson {
        if (!takeAny("0123456789", number)) {
            throw bad();
        }
        while (takeAny("0123456789", number)) {
            if (number.length() > MAX_NUMBER_LENGTH) {
                throw new BadJson("not JSON");
            }
        }
    }

    private boolean takeAny(String expected, StringBuilder taken) throws IOException {
        int c = peek();
        if (c == END || expected.indexOf(c) < 0) {
            return false;
        }
        taken.append((char) c);
        next++;
        return true;
    }

    /** The next character that is no white space, which is not taken. */
    private int afterSpace() throws IOException {
        int c = peek();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            next++;
            if (c == '\n') {
                line++;
                column = -next;
            }
            c = peek();
        }
        return c;
    }

    private int read() throws IOException {
        int c = peek();
        next++;
        return c;
    }

    private int peek() throws IOException {
        if (next == end && rest != null) {
            column += end;
            next = 0;
            end = Math.max(0, rest.read(buffer, 0, buffer.length));
        }
        return next < end ? buffer[next] : END;
    }

    /** For a character that was read. */
    private BadJson badLast() {
        next--;
        return bad();
    }

    /** Says where the next character is, and never what it is. */
    private BadJson bad() {
        return new BadJson("not JSON at line " + line + ", column " + (column + next + 1));
    }
}
