package io.postern.analytics.baseline;

import java.util.List;

/**
 * What is known of the build of an app.
 *
 * @param version Android's version code; negative if unknown
 * @param signer SHA-256 of the signing certificate as lower-case hex; empty if unknown
 */
public record Build(long version, String signer) {

    public static final Build UNKNOWN = new Build(-1, "");

    public boolean known() {
        return version >= 0 || !signer.isEmpty();
    }

    /** The same, and where it does not say a thing what another says: a source that leaves something out has not taken it back. */
    public Build filled(Build before) {
        return new Build(version < 0 ? before.version : version, signer.isEmpty() ? before.signer : signer);
    }

    /**
     * That of packages that share a user and speak as one: newer as soon as any of them is. Its version is the sum of theirs, its
     * signer the one of all, who must be the same on Android.
     *
     * @return unknown if any is
     */
    public static Build together(List<Build> builds) {
        if (builds.size() == 1) {
            return builds.get(0);
        }
        if (builds.isEmpty() || !builds.stream().allMatch(Build::known)) {
            return UNKNOWN;
        }
        boolean versions = builds.stream().allMatch(one -> one.version >= 0);
        long version = 0;
        for (Build one : builds) {
            version = Math.min(Long.MAX_VALUE - version, Math.max(0, one.version)) + version;
        }
        String signer = builds.get(0).signer;
        boolean oneSigner = builds.stream().allMatch(one -> one.signer.equals(signer));
        return new Build(versions ? version : -1, oneSigner ? signer : "");
    }

    /** Whether it is surely of the other's maker, and not older: nobody else has the key. Not where version or signer is unknown. */
    boolean follows(Build other) {
        return other.version >= 0 && version >= other.version && !signer.isEmpty() && signer.equals(other.signer);
    }

    /** Whether what holds for this one holds for another: not for a newer version, nor for another signer. */
    public boolean covers(Build other) {
        boolean newer = version >= 0 && other.version > version;
        boolean foreign = !signer.isEmpty() && !other.signer.isEmpty() && !signer.equals(other.signer);
        return !newer && !foreign;
    }
}
