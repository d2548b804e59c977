package io.postern.dns.rpz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a master file, RFC 1035 section 5.1: words up to the end of the line, or of the last line while a
 * parenthesis is open; {@code ;} begins a comment; a quoted text is one word. At most {@value #MOST_WORDS} words of an entry
 * are kept.
 */
final class ZoneLines {

    private static final int MOST_WORDS = 64;

    private final byte[] bytes;
    private int at;
    private int line = 1;
    private int first;
    private boolean indented;
    private boolean broken;
    private final List<String> words = new ArrayList<>();

    ZoneLines(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Goes to the next entry that has words; false at the end. */
    boolean next() {
        while (at < bytes.length) {
            read();
            if (!words.isEmpty() || broken) {
                return true;
            }
        }
        return false;
    }

    /** Where it begins, from 1. */
    int line() {
        return first;
    }

    /** How many lines there are up to here. */
    int lines() {
        return line;
    }

    /** Whether it begins with a blank: its owner is the one before. */
    boolean indented() {
        return indented;
    }

    /** Whether a quote or a parenthesis is not closed, or closed that was not open, or there is too much of it. */
    boolean broken() {
        return broken;
    }

    List<String> words() {
        return words;
    }

    private void read() {
        words.clear();
        broken = false;
        first = line;
        indented = blank(bytes[at]);
        int open = 0;
        while (at < bytes.length) {
            byte octet = bytes[at];
            if (octet == '\n') {
                at++;
                line++;
                if (open == 0) {
                    return;
                }
            } else if (blank(octet)) {
                at++;
            } else if (octet == ';') {
                comment();
            } else if (octet == '(' || octet == ')') {
                at++;
                open += octet == '(' ? 1 : -1;
                broken |= open < 0 || open > 1;
                open = Math.max(0, open);
            } else {
                add(octet == '"' ? quoted() : word());
            }
        }
        broken |= open != 0;
    }

    private void add(String word) {
        if (words.size() < MOST_WORDS) {
            words.add(word);
        } else {
            broken = true;
        }
    }

    private static boolean blank(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r';
    }

    private void comment() {
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
    }

    private String word() {
        int from = at;
        while (at < bytes.length && !ends(bytes[at])) {
            at += bytes[at] == '\\' && at + 1 < bytes.length && bytes[at + 1] != '\n' ? 2 : 1;
        }
        return new String(bytes, from, at - from, UTF_8);
    }

    private static boolean ends(byte octet) {
        return octet == '\n' || blank(octet) || octet == ';' || octet == '(' || octet == ')' || octet == '"';
    }

    private String quoted() {
        int from = ++at;
        while (at < bytes.length && bytes[at] != '"' && bytes[at] != '\n') {
            at += bytes[at] == '\\' && at + 1 < bytes.length && bytes[at + 1] != '\n' ? 2 : 1;
        }
        String text = new String(bytes, from, at - from, UTF_8);
        if (at < bytes.length && bytes[at] == '"') {
            at++;
        } else {
            broken = true;
        }
        return text;
    }
}
