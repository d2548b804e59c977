package io.postern.config.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * Hours of some days, by the clock on the wall of one zone. A window that ends at or before the time it begins reaches
 * into the next day and belongs to the day it began on.
 *
 * <p>Where clocks are set back an hour comes twice and is inside both times; where they are set forward the hour left
 * out never comes.
 *
 * @param from the first minute inside
 * @param to the first minute outside again; midnight is the end of the day
 */
public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    public Window {
        days = Set.copyOf(days);
    }

    public boolean open(Instant now) {
        ZonedDateTime local = now.atZone(zone);
        LocalTime time = local.toLocalTime();
        DayOfWeek day = local.getDayOfWeek();
        if (from.isBefore(to)) {
            return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
        }
        return (days.contains(day) && !time.isBefore(from)) || (days.contains(day.minus(1)) && time.isBefore(to));
    }
}
