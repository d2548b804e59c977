package io.postern.analytics.flow;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who carries traffic for other apps on Android: what such a package does on the network says little of the package, and
 * what its clients do hides in it. Users of Android below 10,000 are the platform's ({@code android_filesystem_config.h});
 * packages that share one user are one app here, as {@link AppTag#app} has it.
 */
public final class Delegates {

    /** What is carried. */
    public enum Carried {
        /** Files that apps have asked the system to fetch: app updates, attachments, media. */
        DOWNLOADS,
        /** Streams that apps have asked the system to play. */
        MEDIA,
        /** Pages that apps open in a browser's tab; the browser's user, cookies and TLS. A WebView speaks as its app instead. */
        TABS,
        /** Push, sign-in, location, ads ids and updates of Google's services, for every app that uses them. */
        PLAY_SERVICES,
        /** Apps that are installed and updated. */
        APP_STORE,
        /** Names that apps ask the system to look up. */
        NAMES,
        /** Other devices' traffic. */
        TETHERING,
        /** The system's own: time, location aids, connectivity checks. */
        SYSTEM
    }

    private static final Map<String, Carried> PACKAGES = new HashMap<>();
    private static final Map<Integer, Carried> USERS = Map.ofEntries(
            Map.entry(0, Carried.NAMES), // root: netd
            Map.entry(1_000, Carried.SYSTEM), // AID_SYSTEM
            Map.entry(1_013, Carried.MEDIA), // AID_MEDIA: mediaserver
            Map.entry(1_019, Carried.MEDIA), // AID_DRM
            Map.entry(1_021, Carried.SYSTEM), // AID_GPS
            Map.entry(1_040, Carried.MEDIA), // AID_MEDIA_EX: extractors
            Map.entry(1_051, Carried.NAMES), // AID_DNS
            Map.entry(1_052, Carried.TETHERING), // AID_DNS_TETHER
            Map.entry(1_073, Carried.SYSTEM)); // AID_NETWORK_STACK: connectivity checks

    static {
        put(Carried.DOWNLOADS, "com.android.providers.downloads", "com.android.providers.downloads.ui");
        put(Carried.MEDIA, "mediaserver", "com.android.providers.media", "com.google.android.providers.media.module");
        put(
                Carried.TABS,
                "com.android.chrome",
                "com.chrome.beta",
                "org.chromium.chrome",
                "com.android.browser",
                "com.sec.android.app.sbrowser",
                "com.microsoft.emmx",
                "com.brave.browser",
                "com.opera.browser",
                "com.vivaldi.browser",
                "com.duckduckgo.mobile.android",
                "com.mi.globalbrowser",
                "com.huawei.browser",
                "org.mozilla.firefox",
                "org.mozilla.fenix",
                "org.mozilla.focus");
        put(
                Carried.PLAY_SERVICES,
                "com.google.android.gms",
                "com.google.android.gsf",
                "com.google.android.gsf.login",
                "com.google.process.gapps",
                "com.google.uid.shared");
        put(
                Carried.APP_STORE,
                "com.android.vending",
                "com.sec.android.app.samsungapps",
                "com.huawei.appmarket",
                "com.amazon.venezia",
                "org.fdroid.fdroid");
        put(Carried.NAMES, "netd", "com.android.resolv", "com.google.android.resolv");
        put(Carried.TETHERING, "com.android.networkstack.tethering", "com.google.android.networkstack.tethering");
        put(
                Carried.SYSTEM,
                "android",
                "com.android.networkstack",
                "com.google.android.networkstack",
                "com.android.captiveportallogin",
                "com.google.android.captiveportallogin");
    }

    private Delegates() {}

    private static void put(Carried carried, String... packages) {
        for (String one : packages) {
            PACKAGES.put(one, carried);
        }
    }

    /**
     * What an app carries for others; empty for one that speaks for itself. Of packages that share a user one is enough.
     *
     * @param app see {@link AppTag#app}
     */
    public static Optional<Carried> of(String app) {
        Optional<Carried> whole = Optional.ofNullable(PACKAGES.get(app));
        if (whole.isPresent() || app.indexOf(AppTag.AND) < 0) {
            return whole;
        }
        for (String one : app.split("\\" + AppTag.AND, -1)) {
            if (PACKAGES.containsKey(one)) {
                return Optional.of(PACKAGES.get(one));
            }
        }
        return Optional.empty();
    }

    /** The same by Linux UID; of any Android user, 100,000 of them apart. */
    public static Optional<Carried> ofUser(int uid) {
        return Optional.ofNullable(USERS.get(uid % 100_000));
    }

    /** The packages that carry this. */
    public static Set<String> packages(Carried carried) {
        Set<String> packages = new TreeSet<>();
        PACKAGES.forEach((name, what) -> {
            if (what == carried) {
                packages.add(name);
            }
        });
        return packages;
    }
}
