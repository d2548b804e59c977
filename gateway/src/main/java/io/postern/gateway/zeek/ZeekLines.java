package io.postern.gateway.zeek;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the lines of one log of Zeek's, whichever it is.
 *
 * <pre>
 * #separator \x09          as text, or hexadecimal behind \x; all after it is between two of them
 * #empty_field (empty)     an empty list or text
 * #unset_field -           no value
 * #path conn
 * #fields ts uid id.orig_h
 * 1.5 Cx 192.0.2.7         a value's own separators and what is not printable as \xHH
 *
 * {"ts":1.5,"uid":"Cx","id.orig_h":"192.0.2.7"}
 * </pre>
 *
 * A header may come again, as in files put together, and its end ({@code #close}) may be missing, as in one that is being
 * written. Not for several threads.
 */
final class ZeekLines {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_COLUMNS = 1024;
    private static final int MOST_VALUE = 8192;

    private char separator = '\t';
    private String empty = "(empty)";
    private String unset = "-";
    private @Nullable ZeekField[] columns = {};
    private int columnsSeen;
    private Optional<ZeekKind> kind = Optional.empty();

    /** What was in a line. */
    enum Line {
        ROW,
        /** A header, or nothing. */
        NOTHING,
        BROKEN
    }

    private String wrong = "";

    /** What was wrong with the last line that was broken. */
    String wrong() {
        return wrong;
    }

    /** Which log it is, as far as the lines so far tell. */
    Optional<ZeekKind> kind() {
        return kind;
    }

    Line read(byte[] bytes, int from, int to, ZeekRow row) {
        if (from == to) {
            return Line.NOTHING;
        }
        if (bytes[from] == '#') {
            header(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            return Line.NOTHING;
        }
        row.clear();
        return bytes[from] == '{' ? json(bytes, from, to, row) : separated(bytes, from, to, row);
    }

    private void header(String line) {
        if (line.startsWith("#separator ")) {
            String text = unescaped(line.substring("#separator ".length()));
            separator = text.isEmpty() ? '\t' : text.charAt(0);
            return;
        }
        String[] parts = line.split(Pattern.quote(String.valueOf(separator)), -1);
        switch (parts[0]) {
            case "#empty_field" -> empty = parts.length > 1 ? parts[1] : empty;
            case "#unset_field" -> unset = parts.length > 1 ? parts[1] : unset;
            case "#path" -> kind = Optional.of(parts.length > 1 ? ZeekKind.ofPath(parts[1]) : ZeekKind.OTHER);
            case "#fields" -> fields(parts);
            default -> {
                // The types are those of the names; when it was opened and closed is of no use.
            }
        }
    }

    private void fields(String[] parts) {
        columnsSeen = Math.min(parts.length - 1, MOST_COLUMNS);
        columns = new @Nullable ZeekField[columnsSeen];
        Set<ZeekField> known = EnumSet.noneOf(ZeekField.class);
        for (int i = 0; i < columnsSeen; i++) {
            columns[i] = ZeekField.of(parts[i + 1]);
            ZeekField field = columns[i];
            if (field != null) {
                known.add(field);
            }
        }
        if (kind.isEmpty()) {
            kind = Optional.of(ZeekKind.ofColumns(known));
        }
    }

    private Line separated(byte[] bytes, int from, int to, ZeekRow row) {
        if (columnsSeen == 0) {
            return broken("has no header before it");
        }
        int column = 0;
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || bytes[i] == (byte) separator) {
                ZeekField field = column < columnsSeen ? columns[column] : null;
                if (field != null) {
                    row.set(field, value(bytes, start, Math.min(i, start + MOST_VALUE)));
                }
                column++;
                start = i + 1;
            }
        }
        return column == columnsSeen ? Line.ROW : broken("has " + column + " fields, must have " + columnsSeen);
    }

    private String value(byte[] bytes, int from, int to) {
        boolean escaped = false;
        for (int i = from; i < to && !escaped; i++) {
            escaped = bytes[i] == '\\';
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.equals(unset) || text.equals(empty)) {
            return "";
        }
        return escaped ? unescaped(text) : text;
    }

    /** {@code \xHH} is a byte; in values what is not UTF-8 then is taken as it is. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int code = text.startsWith("\\x", at) && at + 4 <= text.length()
                    ? hex(text.charAt(at + 2), text.charAt(at + 3))
                    : -1;
            plain.append(code < 0 ? text.charAt(at) : (char) code);
            at += code < 0 ? 1 : 4;
        }
        return plain.toString();
    }

    private static int hex(char high, char low) {
        int value = Character.digit(high, 16) * 16 + Character.digit(low, 16);
        return Character.digit(high, 16) < 0 || Character.digit(low, 16) < 0 ? -1 : value;
    }

    private Line json(byte[] bytes, int from, int to, ZeekRow row) {
        Map<String, String> meta = new HashMap<>(2);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            json.nextToken();
            for (String member = json.nextName(); member != null; member = json.nextName()) {
                JsonToken token = json.nextToken();
                ZeekField field = ZeekField.of(member);
                if (token.isStructStart()) {
                    json.skipChildren();
                } else if (field != null && token != JsonToken.VALUE_NULL) {
                    row.set(field, cut(json.getString()));
                } else if (member.equals("_path")) {
                    meta.put(member, json.getString());
                }
            }
            if (json.nextToken() != null) {
                return broken("goes on behind its JSON object");
            }
        } catch (JacksonException e) {
            return broken("is no JSON"
                    + (e.getLocation() == null
                            ? ""
                            : ", column " + e.getLocation().getColumnNr()));
        }
        if (kind.isEmpty() || kind.get() == ZeekKind.OTHER) {
            String path = meta.get("_path");
            kind = Optional.of(path == null ? ZeekKind.ofColumns(row.filled()) : ZeekKind.ofPath(path));
        }
        return Line.ROW;
    }

    private static String cut(String text) {
        return text.length() <= MOST_VALUE ? text : text.substring(0, MOST_VALUE);
    }

    private Line broken(String what) {
        wrong = what;
        return Line.BROKEN;
    }
}
