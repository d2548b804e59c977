package io.postern.config;

import java.util.Set;

/**
 * What is not written about people.
 *
 * @param personalProfiles of whose destinations only the registrable domain is kept
 */
public record PrivacySettings(Set<String> personalProfiles) {
    public PrivacySettings {
        personalProfiles = Set.copyOf(personalProfiles);
    }
}
