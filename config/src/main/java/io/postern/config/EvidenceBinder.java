package io.postern.config;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;

/** {@code evidence}: from settings of the right shape to records. */
final class EvidenceBinder {

    private final Problems problems;

    EvidenceBinder(Problems problems) {
        this.problems = problems;
    }

    EvidenceSettings settings(Setting evidence) {
        return new EvidenceSettings(
                evidence.member("flows").integer(),
                evidence.member("coverage-kept").duration(),
                evidence.find("capture").map(this::capture));
    }

    private EvidenceSettings.Capture capture(Setting capture) {
        return new EvidenceSettings.Capture(
                capture.member("purpose").text(),
                capture.member("approver").text(),
                AnalyticsBinder.day(capture.member("until"), problems),
                capture.member("bytes").size(),
                capture.member("flows").integer(),
                capture.member("within").duration(),
                capture.member("kept").duration(),
                capture.member("captures").integer());
    }
}
