package io.postern.analytics.finding;

import java.util.Arrays;
import java.util.Optional;

/** The analytics of MITRE ATT&CK Mobile 19.1 that findings are of, and the techniques they map to. */
public enum Technique {
    AN1770(
            "Web Service",
            "T1481",
            "",
            "speaks to a web platform as its role does not explain",
            "Who controls software on a device can leave orders on a platform that everybody uses, and take data away by it:"
                    + " the platform is allowed, so nothing else stands out."),
    AN1793(
            "Application Layer Protocol",
            "T1437",
            "",
            "speaks to a destination, or in a rhythm, that is not its own",
            "Software that waits for orders asks for them again and again, in a protocol that is common enough to be let"
                    + " through."),
    AN1827(
            "Non-Standard Port",
            "T1509",
            "",
            "speaks a protocol on a port that is not the protocol's",
            "A known protocol on another port goes around filters that look at ports only."),
    AN1681(
            "Web Protocols",
            "T1437",
            "T1437.001",
            "returns to a destination in a rhythm that it does not declare",
            "Orders can be fetched by ordinary requests, or come by push messages: what gives them away is that an app returns"
                    + " without being asked."),
    AN1716(
            "Encrypted Channel",
            "T1521",
            "",
            "sends out after encrypting or staging",
            "What is encrypted before it is sent cannot be looked at on its way, not even where TLS is opened.");

    public static final String VERSION = "19.1";
    public static final String TACTIC = "TA0037";
    public static final String TACTIC_NAME = "Command and Control";

    private final String caption;
    private final String technique;
    private final String subTechnique;
    private final String does;
    private final String matters;

    Technique(String caption, String technique, String subTechnique, String does, String matters) {
        this.caption = caption;
        this.technique = technique;
        this.subTechnique = subTechnique;
        this.does = does;
        this.matters = matters;
    }

    /** Nothing of a method that is none of them. */
    public static Optional<Technique> of(String id) {
        return Arrays.stream(values()).filter(each -> each.name().equals(id)).findFirst();
    }

    /** As ATT&CK calls the technique, or the sub-technique where it is one. */
    public String caption() {
        return caption;
    }

    public String technique() {
        return technique;
    }

    /** Empty where it is a technique itself. */
    public String subTechnique() {
        return subTechnique;
    }

    /** As a technique is called whose sub-technique this is. */
    public String techniqueName() {
        return subTechnique.isEmpty() ? caption : AN1793.caption;
    }

    /** What an app does that it speaks of, as the rest of a sentence. */
    public String does() {
        return does;
    }

    /** Why somebody should look, in a sentence. */
    public String matters() {
        return matters;
    }
}
