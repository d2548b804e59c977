package io.postern.gateway;

import java.util.Optional;

/** The version of the product, as records and {@code --version} tell it. */
public final class Version {

    private Version() {}

    /** From the jar's manifest; {@code dev} when classes are run without one. */
    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("dev");
    }
}
