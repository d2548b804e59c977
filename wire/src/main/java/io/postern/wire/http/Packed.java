package io.postern.wire.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a message's head says that its body is compressed: by its coding, or by a type that is in itself. */
public final class Packed {

    private static final Set<String> ARCHIVES = Set.of(
            "application/zip",
            "application/gzip",
            "application/x-gzip",
            "application/x-7z-compressed",
            "application/x-xz",
            "application/x-bzip2",
            "application/zstd",
            "application/java-archive",
            "application/vnd.android.package-archive",
            "application/pdf",
            "font/woff",
            "font/woff2");
    private static final List<String> MEDIA = List.of("image/", "audio/", "video/");
    private static final Set<String> PLAIN_MEDIA =
            Set.of("image/svg+xml", "image/bmp", "audio/wav", "audio/x-wav", "audio/l16", "audio/basic");

    private Packed() {}

    /** By all its fields. */
    public static boolean in(List<Field> fields) {
        for (Field field : fields) {
            if ((field.named("content-encoding") && coding(field.value()))
                    || (field.named("content-type") && type(field.value()))) {
                return true;
            }
        }
        return false;
    }

    /** Of a Content-Encoding, RFC 9110 section 8.4: whatever is not {@code identity}. */
    public static boolean coding(String value) {
        return !value.isEmpty() && !value.equalsIgnoreCase("identity");
    }

    /** Of a Content-Type; parameters may follow. */
    public static boolean type(String value) {
        int end = value.indexOf(';');
        String type = Octets.trimmed(end < 0 ? value : value.substring(0, end)).toLowerCase(Locale.ROOT);
        return ARCHIVES.contains(type) || (MEDIA.stream().anyMatch(type::startsWith) && !PLAIN_MEDIA.contains(type));
    }
}
