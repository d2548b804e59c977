package io.postern.gateway.admin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Types of what is sent, RFC 9110 sections 8.3 and 12.5.1, as far as an API needs them. */
final class Media {

    private Media() {}

    /** The first of these that the client takes; weights decide only between taken and not. */
    static Optional<String> wanted(List<String> accept, List<String> offered) {
        if (accept.isEmpty()) {
            return offered.stream().findFirst();
        }
        String[] ranges = String.join(",", accept).toLowerCase(Locale.ROOT).split(",", -1);
        for (String range : ranges) {
            String[] parts = range.strip().split("\\s*;\\s*", -1);
            if (!refused(parts)) {
                for (String type : offered) {
                    if (covers(parts[0], type)) {
                        return Optional.of(type);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a content type is this one, whatever its parameters. */
    static boolean is(String contentType, String type) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .equalsIgnoreCase(type);
    }

    private static boolean refused(String[] parts) {
        for (String part : parts) {
            if (part.matches("q=0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String range, String type) {
        return range.equals("*/*")
                || range.equals(type)
                || (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)));
    }
}
