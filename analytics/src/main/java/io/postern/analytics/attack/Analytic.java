package io.postern.analytics.attack;

import java.util.List;

/** One of the five: weighs what is known of an app and a destination. Knows no clock and keeps nothing. */
public interface Analytic {

    /** {@code AN1770}. */
    String id();

    /** Name of the ATT&CK technique, as a title of findings. */
    String title();

    /** Id of the ATT&CK technique: {@code T1481}. */
    String technique();

    /** What can be set, with MITRE's names. */
    List<Knob> knobs();

    /** Puts on the scales what speaks for and against, and what cannot be seen; nothing where it does not apply. */
    void weigh(Sight sight, Scales scales);
}
