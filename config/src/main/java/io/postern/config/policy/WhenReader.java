package io.postern.config.policy;

import io.postern.analytics.flow.Basis;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Nearest;
import io.postern.config.grammar.Units;
import io.postern.config.policy.Facts.NoInteraction;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.When;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Conditions of rules and scopes of exceptions. */
final class WhenReader {

    private static final String END_OF_DAY = "24:00";
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private final PolicyTexts texts;
    private final Problems problems;

    WhenReader(PolicyTexts texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    When when(Setting when) {
        return new When(
                Set.copyOf(texts.packages(when.member("app"))),
                Set.copyOf(when.member("category").texts()),
                Set.copyOf(when.member("role").texts()),
                Set.copyOf(when.member("group").texts()),
                Set.copyOf(texts.profiles(when.member("profile"))),
                when.find("approved").map(Setting::flag),
                Set.copyOf(when.member("service-class").texts()),
                texts.destinations(when.member("destination")),
                Set.copyOf(when.member("list").texts()),
                texts.protocols(when.member("protocol")),
                bases(when.member("basis")),
                Set.copyOf(texts.ports(when.member("port"))),
                when.member("time").each().stream()
                        .flatMap(window -> window(window).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                facts(when, when.member("device")));
    }

    /** What an exception can be narrowed to. */
    When scope(Setting exception) {
        return new When(
                Set.copyOf(texts.packages(exception.member("app"))),
                Set.of(),
                Set.of(),
                Set.copyOf(exception.member("group").texts()),
                Set.copyOf(texts.profiles(exception.member("profile"))),
                Optional.empty(),
                Set.of(),
                texts.destinations(exception.member("destination")),
                Set.of(),
                texts.protocols(exception.member("protocol")),
                Set.of(),
                Set.copyOf(texts.ports(exception.member("port"))),
                Set.of(),
                Facts.NONE);
    }

    private static Set<Basis> bases(Setting list) {
        return list.texts().stream()
                .map(label -> Basis.valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_')))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Facts facts(Setting when, Setting device) {
        return new Facts(
                fact(when, "managed"),
                fact(when, "newly-installed"),
                fact(when, "just-updated"),
                fact(when, "signer-changed"),
                when.member("posture").texts().stream()
                        .map(name ->
                                Posture.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                        .collect(Collectors.toUnmodifiableSet()),
                fact(device, "locked"),
                fact(device, "background"),
                device.find("no-interaction").map(time -> new NoInteraction(Units.duration(time.text()))));
    }

    private static Optional<Fact> fact(Setting where, String key) {
        return where.find(key).map(fact -> Fact.valueOf(fact.value().asString().toUpperCase(Locale.ROOT)));
    }

    private Optional<Window> window(Setting window) {
        LocalTime from = LocalTime.parse(window.member("from").text());
        String end = window.member("to").text();
        LocalTime to = end.equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(end);
        if (from.equals(to) && !end.equals(END_OF_DAY)) {
            problems.at(window, "begins and ends at " + end + ", must end at another time, or at " + END_OF_DAY);
            return Optional.empty();
        }
        return zone(window.member("zone")).map(zone -> new Window(days(window.member("days")), from, to, zone));
    }

    private static Set<DayOfWeek> days(Setting list) {
        EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String text : list.texts()) {
            DayOfWeek first = day(text.substring(0, 3));
            DayOfWeek last = day(text.substring(text.length() - 3));
            days.add(last);
            for (DayOfWeek day = first; day != last; day = day.plus(1)) {
                days.add(day);
            }
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        return DayOfWeek.of(DAYS.indexOf(name) + 1);
    }

    private Optional<ZoneId> zone(Setting zone) {
        if (zone.text().equals("UTC")) {
            return Optional.of(ZoneOffset.UTC);
        }
        try {
            return Optional.of(ZoneId.of(zone.text()));
        } catch (DateTimeException e) {
            String hint = Nearest.to(zone.text(), new TreeSet<>(ZoneId.getAvailableZoneIds()))
                    .map(name -> " (did you mean " + name + "?)")
                    .orElse("");
            problems.at(zone, "'" + zone.text() + "' is not a time zone, must be such as Europe/Berlin" + hint);
            return Optional.empty();
        }
    }
}
