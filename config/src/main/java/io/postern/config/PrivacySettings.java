package io.postern.config;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is written about people, and what is not.
 *
 * @param personalProfiles of whose destinations only the registrable domain is kept
 * @param pseudonymKeys secret files by which devices are called outside, the first makes; empty: by their ids
 * @param urlPaths of plain HTTP, in records; absent: none
 */
public record PrivacySettings(Set<String> personalProfiles, List<Path> pseudonymKeys, Optional<UrlPaths> urlPaths) {

    public PrivacySettings {
        personalProfiles = Set.copyOf(personalProfiles);
        pseudonymKeys = List.copyOf(pseudonymKeys);
    }

    /**
     * Paths of requests that are kept, for a purpose and a while.
     *
     * @param until the last day on which any is, UTC
     * @param queries whether what stands behind the question mark is, too
     */
    public record UrlPaths(String purpose, String approver, LocalDate until, boolean queries) {}
}
