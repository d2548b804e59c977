package io.postern.gateway.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Types of what is sent, RFC 9110 sections 8.3 and 12.5.1, as far as an API needs them. */
public final class Media {

    private Media() {}

    /** What the client says of a type: of the ranges that cover it the closest counts. */
    private record Range(String type, double weight, int place) {

        boolean covers(String other) {
            return type.equals("*/*")
                    || type.equals(other)
                    || (type.endsWith("/*") && other.startsWith(type.substring(0, type.length() - 1)));
        }

        int closeness() {
            return type.equals("*/*") ? 0 : type.endsWith("/*") ? 1 : 2;
        }
    }

    /** Of these the one that the client gives the most weight; of several the one it names first. */
    public static Optional<String> wanted(List<String> accept, List<String> offered) {
        if (accept.isEmpty()) {
            return offered.stream().findFirst();
        }
        List<Range> ranges = ranges(accept);
        Optional<String> best = Optional.empty();
        Range most = new Range("", 0, Integer.MAX_VALUE);
        for (String type : offered) {
            Optional<Range> said =
                    ranges.stream().filter(range -> range.covers(type)).max(Comparator.comparingInt(Range::closeness));
            if (said.isPresent() && said.get().weight > 0 && before(said.get(), most)) {
                best = Optional.of(type);
                most = said.get();
            }
        }
        return best;
    }

    private static boolean before(Range one, Range other) {
        return one.weight > other.weight || (one.weight == other.weight && one.place < other.place);
    }

    private static List<Range> ranges(List<String> accept) {
        List<Range> ranges = new ArrayList<>();
        for (String range : String.join(",", accept).toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.strip().split("\\s*;\\s*", -1);
            ranges.add(new Range(parts[0], weight(parts), ranges.size()));
        }
        return ranges;
    }

    /** From 0 to 1; a range whose weight is no number is not wanted. */
    public static double weight(String[] parts) {
        for (String part : parts) {
            if (part.startsWith("q=")) {
                String text = part.substring(2);
                return text.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(text)) : 0;
            }
        }
        return 1;
    }

    /** Whether a content type is this one, whatever its parameters. */
    public static boolean is(String contentType, String type) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .equalsIgnoreCase(type);
    }
}
