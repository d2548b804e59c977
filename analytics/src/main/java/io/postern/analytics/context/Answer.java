package io.postern.analytics.context;

/**
 * Whether something held at a time, and who says so.
 *
 * @param ageMillis how long before the time asked for it was told; 0 where it is not known, or concluded from silence
 * @param source who told; empty where it is not known
 */
public record Answer(Truth truth, long ageMillis, String source) {

    public static final Answer UNKNOWN = new Answer(Truth.UNKNOWN, 0, "");

    public boolean known() {
        return truth.known();
    }
}
