package io.postern.dns.memory;

import java.time.Duration;

/**
 * Bounds of what is remembered of answers.
 *
 * @param entries addresses of all devices together, some 300 bytes each; the devices used least go first
 * @param perDevice addresses of one device; those told longest ago go first
 * @param grace how long an answer is remembered beyond its time: who has an address may connect to it later than it should
 */
public record AnswerLogSettings(int entries, int perDevice, Duration grace) {

    public static final AnswerLogSettings DEFAULTS = new AnswerLogSettings(200_000, 2_048, Duration.ofHours(1));

    public AnswerLogSettings {
        if (perDevice < 1 || entries < perDevice) {
            throw new IllegalArgumentException(
                    "entries are " + entries + " and " + perDevice + " of a device, must be 1 or more, and no fewer");
        }
    }
}
