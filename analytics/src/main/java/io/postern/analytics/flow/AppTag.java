package io.postern.analytics.flow;

import java.util.List;

/**
 * Whose flow it is: the key of all state is (device, profile, app), and how sure each half is.
 *
 * @param device device id, {@value #NOBODY} when unattributed
 * @param profile Android user or profile name, {@value #NOBODY} when unattributed
 * @param app package name, {@value #NOBODY} when the device speaks and the app is unknown; where one UID holds several
 *     packages all of them, sorted, with {@value #AND} between: one app of its own in all state
 */
public record AppTag(
        String device, String profile, String app, DeviceAssurance deviceAssurance, AppAssurance appAssurance) {

    public static final String NOBODY = "-";

    /** Between the packages of one UID; no package has it in its name. */
    public static final char AND = '+';

    /** A flow without any tag: an app of its own, with its own baseline. */
    public static final AppTag UNATTRIBUTED =
            new AppTag(NOBODY, NOBODY, NOBODY, DeviceAssurance.NONE, AppAssurance.NONE);

    /** A tag was shown and proved nothing: as unattributed as none, and worth telling apart. */
    public static final AppTag INVALID = new AppTag(NOBODY, NOBODY, NOBODY, DeviceAssurance.INVALID, AppAssurance.NONE);

    /** The same device's, of this app. */
    public AppTag of(String app, AppAssurance assurance) {
        return new AppTag(device, profile, app, deviceAssurance, assurance);
    }

    /** Whether the device is known; the app may still be unknown. */
    public boolean attributed() {
        return !device.equals(NOBODY);
    }

    /** Whether one UID holds several packages, of which any may speak. */
    public boolean shared() {
        return app.indexOf(AND) >= 0;
    }

    /** Those that may speak: the packages of the UID, sorted, or the one app. */
    public List<String> apps() {
        return shared() ? List.of(app.split("\\" + AND, -1)) : List.of(app);
    }

    /** As if one of them had spoken. */
    public AppTag of(String one) {
        return new AppTag(device, profile, one, deviceAssurance, appAssurance);
    }
}
