package io.postern.gateway.facts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Attributes of one event by their names, each taken once: what is left over in the end has no meaning here. */
final class Attributes {

    /** Of one event; the most that any has is eight. */
    private static final int MOST = 16;

    /** Packages of one UID. */
    static final int MOST_TEXTS = 16;

    /** A text, a long, a double, a flag or a list of texts; whoever puts them sees to that. */
    private final Map<String, Object> values = new HashMap<>();

    void put(String name, Object value) throws Wrong {
        if (values.size() == MOST) {
            throw new Wrong("/attributes", "has more than " + MOST + " members");
        }
        values.put(name, value);
    }

    /** What is under the other name counts under this one. */
    void alias(String other, String name) {
        Object value = values.remove(other);
        if (value != null) {
            values.putIfAbsent(name, value);
        }
    }

    Optional<String> text(String name, int longest) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text) || text.length() > longest || !plain(text)) {
            throw wrong(name, "must be a text of " + longest + " characters at most, without control characters");
        }
        return Optional.of(text);
    }

    boolean flag(String name) throws Wrong {
        return flagIfSaid(name).orElseThrow(() -> wrong(name, "must be true or false"));
    }

    Optional<Boolean> flagIfSaid(String name) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Boolean flag)) {
            throw wrong(name, "must be true or false");
        }
        return Optional.of(flag);
    }

    OptionalLong number(String name, long least, long most) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!(value instanceof Long number) || number < least || number > most) {
            throw wrong(name, "must be a whole number from " + least + " to " + most);
        }
        return OptionalLong.of(number);
    }

    OptionalDouble decimal(String name, double least, double most) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(name, "must be a number from " + least + " to " + most);
        }
        return OptionalDouble.of(number);
    }

    OptionalLong time(String name) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        OptionalLong millis = value instanceof String text ? Times.millis(text) : OptionalLong.empty();
        if (millis.isEmpty()) {
            throw wrong(name, Times.RULE);
        }
        return millis;
    }

    <E extends Enum<E>> E word(String name, Labels<E> labels) throws Wrong {
        Object value = values.remove(name);
        return Optional.ofNullable(value)
                .filter(String.class::isInstance)
                .flatMap(text -> labels.of((String) text))
                .orElseThrow(() -> wrong(name, labels.rule()));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** @return none where nothing is said */
    List<String> packages(String name) throws Wrong {
        List<String> packages = texts(name);
        if (!packages.stream().allMatch(Names::app)) {
            throw wrong(name, "must be a list of packages");
        }
        return packages;
    }

    /** @return none where nothing is said */
    List<String> texts(String name) throws Wrong {
        Object value = values.remove(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.size() > MOST_TEXTS) {
            throw wrong(name, "must be a list of " + MOST_TEXTS + " texts at most");
        }
        return list.stream().map(String.class::cast).toList();
    }

    /** What nobody took has no meaning, and who sent it believes that it has one. */
    void noneLeft() throws Wrong {
        if (!values.isEmpty()) {
            throw wrong(values.keySet().iterator().next(), "there is no such attribute of this event");
        }
    }

    static Wrong wrong(String name, String problem) {
        return new Wrong("/attributes/" + Names.escaped(name), problem);
    }

    private static boolean plain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
