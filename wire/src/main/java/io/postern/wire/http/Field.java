package io.postern.wire.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One field line, its name as sent. No field can hold a CR, an LF, a NUL or any other control byte but HTAB, so what is
 * written from fields cannot split (RFC 9110 section 5.5).
 *
 * @param name a token
 * @param value octets 0x20 to 0xFF without 0x7F, and HTAB; no whitespace at its ends; may be empty
 */
public record Field(String name, String value) {

    public Field {
        if (!Octets.token(name)) {
            throw new IllegalArgumentException("field name must be a token");
        }
        if (!Octets.all(Octets.TEXT, value) || Octets.trimmed(value).length() != value.length()) {
            throw new IllegalArgumentException("value of field " + name + " must be text without spaces at its ends");
        }
    }

    /** Field names know no case. */
    public boolean named(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The value of the first field of this name. */
    public static Optional<String> first(List<Field> fields, String name) {
        for (Field field : fields) {
            if (field.named(name)) {
                return Optional.of(field.value);
            }
        }
        return Optional.empty();
    }

    /** The values of all fields of this name, in their order. */
    public static List<String> values(List<Field> fields, String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.named(name)) {
                values.add(field.value);
            }
        }
        return values;
    }

    /**
     * The members of a list-based field over all its lines, in lower case; empty members are skipped (RFC 9110
     * section 5.6.1.2). Only for lists whose members hold no quoted commas.
     */
    public static List<String> members(List<Field> fields, String name) {
        List<String> members = new ArrayList<>(2);
        for (String value : values(fields, name)) {
            for (String member : value.split(",", -1)) {
                String trimmed = Octets.trimmed(member);
                if (!trimmed.isEmpty()) {
                    members.add(trimmed.toLowerCase(Locale.ROOT));
                }
            }
        }
        return members;
    }
}
