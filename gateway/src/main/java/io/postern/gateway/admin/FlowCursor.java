package io.postern.gateway.admin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How far somebody has read. Clients send it back as it is: flows that come meanwhile move nothing.
 *
 * @param live id of the last live flow; empty when all have been read
 * @param before sequence below which closed flows are still to be read; negative: all
 */
record FlowCursor(String live, long before) {

    static final FlowCursor START = new FlowCursor("", -1);

    String text(String run) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((run + "/" + live + "/" + before).getBytes(StandardCharsets.US_ASCII));
    }

    static Optional<FlowCursor> parse(String text, String run) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split("/", -1);
            return parts.length == 3
                            && parts[0].equals(run)
                            && parts[1].matches("[0-9A-Z]{0,26}")
                            && parts[2].matches("-1|[0-9]{1,18}")
                    ? Optional.of(new FlowCursor(parts[1], Long.parseLong(parts[2])))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
