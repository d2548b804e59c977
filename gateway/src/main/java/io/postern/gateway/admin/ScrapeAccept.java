package io.postern.gateway.admin;

import io.postern.gateway.http.Media;
import io.postern.gateway.meters.ScrapeFormat;
import java.util.List;
import java.util.Locale;

/**
 * Which text a scraper wants, by its {@code Accept} (RFC 9110 section 12.5.1): OpenMetrics when it asks for version 1
 * and for nothing else more, the Prometheus text for everybody else, also for those who can read neither.
 */
final class ScrapeAccept {
    private ScrapeAccept() {}

    static ScrapeFormat format(List<String> accept) {
        double openMetrics = 0;
        double text = 0;
        for (String range : String.join(",", accept).split(",", -1)) {
            String[] parts = range.trim().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
            double quality = Media.weight(parts);
            switch (parts[0]) {
                case "application/openmetrics-text" -> {
                    if (versionOne(parts)) {
                        openMetrics = Math.max(openMetrics, quality);
                    }
                }
                case "text/plain", "text/*" -> text = Math.max(text, quality);
                default -> {}
            }
        }
        return openMetrics > 0 && openMetrics >= text ? ScrapeFormat.OPENMETRICS : ScrapeFormat.PROMETHEUS;
    }

    private static boolean versionOne(String[] parts) {
        for (String part : parts) {
            if (part.startsWith("version=")) {
                return part.startsWith("version=1.");
            }
        }
        return true;
    }
}
