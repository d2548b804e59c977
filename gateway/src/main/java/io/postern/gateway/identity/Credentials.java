package io.postern.gateway.identity;

import java.net.InetAddress;
import java.util.List;

/** What a client shows to say who it is, not verified yet; whichever way in it came by. */
public sealed interface Credentials {

    /** Nothing was shown. */
    Credentials NONE = new None();

    /** Something was shown that is no credential of ours. */
    Credentials MALFORMED = new Malformed();

    record None() implements Credentials {}

    record Malformed() implements Credentials {}

    /** A compact tag. */
    record Tag(CompactTag tag) implements Credentials {}

    /** A JWT. */
    record Token(String jwt) implements Credentials {

        /** Without the token, which is a credential. */
        @Override
        public String toString() {
            return "Token";
        }
    }

    /** Nothing but where it comes from, inside a tunnel that admits only its own addresses. */
    record Inner(InetAddress address) implements Credentials {}

    /**
     * The word of a concentrator that is believed; the grammar of its parts is not checked yet.
     *
     * @param apps package names of one UID, {@code -} alone when it is unknown
     */
    record Word(String device, String profile, List<String> apps) implements Credentials {
        public Word {
            apps = List.copyOf(apps);
        }
    }
}
