package io.postern.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What is not written about people.
 *
 * @param personalProfiles of whose destinations only the registrable domain is kept
 * @param pseudonymKeys secret files by which devices are called outside, the first makes; empty: by their ids
 */
public record PrivacySettings(Set<String> personalProfiles, List<Path> pseudonymKeys) {
    public PrivacySettings {
        personalProfiles = Set.copyOf(personalProfiles);
        pseudonymKeys = List.copyOf(pseudonymKeys);
    }
}
