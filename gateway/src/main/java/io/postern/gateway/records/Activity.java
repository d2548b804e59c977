package io.postern.gateway.records;

import java.util.Arrays;
import java.util.Optional;

/** What a line reports: OCSF 1.4 {@code activity_id} of Network Activity. */
public enum Activity {
    /** It ended in order. */
    CLOSE(2, "Close"),
    /** It was cut off, by either peer or by the gateway. */
    RESET(3, "Reset"),
    /** Its destination was not reached. */
    FAIL(4, "Fail"),
    /** The gateway did not let it through. */
    REFUSE(5, "Refuse"),
    /** It lives; one such line an hour. */
    TRAFFIC(6, "Traffic");

    private final int id;
    private final String caption;

    Activity(int id, String caption) {
        this.id = id;
        this.caption = caption;
    }

    /** By its number; nothing if it is none that we write. */
    public static Optional<Activity> of(int id) {
        return Arrays.stream(values()).filter(each -> each.id == id).findFirst();
    }

    int id() {
        return id;
    }

    String caption() {
        return caption;
    }

    /** Whether what was attempted came about. */
    boolean succeeded() {
        return this != FAIL && this != REFUSE;
    }
}
