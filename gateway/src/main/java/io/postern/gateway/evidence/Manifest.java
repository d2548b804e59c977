package io.postern.gateway.evidence;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a bundle holds: the text that is signed.
 *
 * @param format {@value #FORMAT}; whoever reads another must not guess
 * @param about what was asked for, {@code finding} or {@code coverage}, and which
 * @param made when, RFC 3339
 * @param by the product and its version
 * @param key id of the key that signs, see {@link SigningKey#id()}
 * @param limits what there may be at most
 * @param leftOut what is not there though it could have been asked for, and why
 */
public record Manifest(
        String format,
        Map<String, String> about,
        String made,
        String by,
        String key,
        Map<String, Long> limits,
        List<File> files,
        List<LeftOut> leftOut) {

    public static final String FORMAT = "postern-evidence/1";
    static final String NAME = "manifest.json";
    static final String SIGNATURE = "manifest.sig";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Manifest {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * One file.
     *
     * @param sha256 lower case hex
     * @param holds what it is, for people
     */
    public record File(String name, long bytes, String sha256, String holds) {}

    /** @param file whose rest it is, or would have been */
    public record LeftOut(String file, String why) {}

    /** As it is signed. */
    public String json() {
        return new String(text(), StandardCharsets.UTF_8);
    }

    byte[] text() {
        return MAPPER.writeValueAsBytes(this);
    }

    /** @throws JacksonException when it is none */
    static Manifest read(byte[] text) {
        return MAPPER.readValue(text, Manifest.class);
    }
}
