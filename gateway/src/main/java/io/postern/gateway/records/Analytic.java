package io.postern.gateway.records;

import java.util.Arrays;
import java.util.Optional;

/** The analytics of MITRE ATT&CK Mobile 19.1 that findings are of, and the techniques they map to. */
enum Analytic {
    AN1770("Web Service", "T1481", "", "speaks to a web platform as its role does not explain"),
    AN1793("Application Layer Protocol", "T1437", "", "speaks to a destination, or in a rhythm, that is not its own"),
    AN1827("Non-Standard Port", "T1509", "", "speaks a protocol on a port that is not the protocol's"),
    AN1681("Web Protocols", "T1437", "T1437.001", "returns to a destination in a rhythm that it does not declare"),
    AN1716("Encrypted Channel", "T1521", "", "sends out after encrypting or staging");

    static final String VERSION = "19.1";
    static final String TACTIC = "TA0037";
    static final String TACTIC_NAME = "Command and Control";

    private final String caption;
    private final String technique;
    private final String subTechnique;
    private final String does;

    Analytic(String caption, String technique, String subTechnique, String does) {
        this.caption = caption;
        this.technique = technique;
        this.subTechnique = subTechnique;
        this.does = does;
    }

    /** Nothing of a method that is none of them. */
    static Optional<Analytic> of(String id) {
        return Arrays.stream(values()).filter(each -> each.name().equals(id)).findFirst();
    }

    /** As ATT&CK calls the technique, or the sub-technique where it is one. */
    String caption() {
        return caption;
    }

    String technique() {
        return technique;
    }

    /** Empty where it is a technique itself. */
    String subTechnique() {
        return subTechnique;
    }

    /** As a technique is called whose sub-technique this is. */
    String techniqueName() {
        return subTechnique.isEmpty() ? caption : AN1793.caption;
    }

    /** What an app does that it speaks of, as the rest of a sentence. */
    String does() {
        return does;
    }
}
