package io.postern.config.policy;

import io.postern.config.document.Problem;
import io.postern.config.document.Setting;
import java.time.LocalDate;
import java.util.List;

/**
 * One file that was in order, as far as it can be read by itself. As long as its bytes and the day are the same, so is
 * this.
 *
 * @param digest SHA-256 of its bytes
 * @param day it was read on: days that have passed are warnings
 * @param sections everything but rules and exceptions
 * @param warnings about its rules and exceptions
 */
record PolicyFile(String digest, LocalDate day, Setting sections, PolicyEntries entries, List<Problem> warnings) {

    boolean still(String bytes, LocalDate today) {
        return digest.equals(bytes) && day.equals(today);
    }
}
