package io.postern.analytics.evaluate;

import io.postern.analytics.attack.SelfTaught;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.fleet.Cause;
import io.postern.analytics.fleet.Happening;
import io.postern.analytics.fleet.Implant;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays one device, or a fleet, to the subjects and keeps the books: by the labels, which the subjects never see. A finding is right if
 * any flow of the app to the destination it names was an implant's. Not for several threads.
 */
public final class Trial {

    /** Flows and exchanges closer together are one check-in. */
    private static final long ONE_CHECK_IN = 2_000;

    private static final long HOUR = 3_600_000;

    private record Place(AppKey key, String destination) {}

    private record Said(String analytic, Place place, boolean approved) {}

    /** An implant so far. */
    private static final class Course {
        private final Implant implant;
        private long began = -1;
        private long lastCheckIn;
        private long checkIns;
        private long bytesOut;
        private final Map<String, Case> cases = new LinkedHashMap<>();

        Course(Implant implant) {
            this.implant = implant;
        }
    }

    private final List<Subject> subjects;
    private final List<Detection> detections = new ArrayList<>();
    private final Map<Place, Cause> causes = new HashMap<>();
    private final Map<Implant, Course> courses = new LinkedHashMap<>();
    private final Map<Said, Alarm> alarms = new LinkedHashMap<>();
    private final Consumer<Finding> findings = this::found;
    private final Tally tally = new Tally();
    private long hour = Long.MIN_VALUE;
    private long now;
    private long approval = Long.MAX_VALUE;
    private boolean approved;
    private long began = -1;

    public Trial(List<Subject> subjects) {
        this.subjects = List.copyOf(subjects);
        subjects.forEach(subject -> detections.add(subject.fresh().get()));
    }

    /** Somebody approves of all that is proposed at that time, of detections that learn. */
    public Trial approvingAt(long atMillis) {
        approval = atMillis;
        return this;
    }

    /** @param days how many the device lives, or all devices together */
    public Tally run(Iterator<Happening> device, int days) {
        device.forEachRemaining(this::happens);
        detections.forEach(detection -> detection.reached(now + HOUR, findings));
        for (Course course : courses.values()) {
            for (Subject subject : subjects) {
                for (String analytic : subject.analytics()) {
                    tally.cases.add(course.cases.getOrDefault(
                            analytic, new Case(analytic, course.implant, 0, -1, course.checkIns, course.bytesOut)));
                }
            }
        }
        tally.alarms.addAll(alarms.values());
        tally.deviceDays = days;
        if (approved && now > began) {
            tally.approvedDeviceDays = Math.round(days * (double) (now - approval) / (now - began));
        }
        return tally;
    }

    private void happens(Happening happening) {
        now = happening.atMillis();
        began = began < 0 ? now : began;
        boolean newHour = now / HOUR != hour;
        hour = now / HOUR;
        if (now >= approval && !approved) {
            approve();
        }
        if (happening instanceof Happening.Flowed flowed) {
            tally.flowEvents++;
            note(flowed.event(), flowed.cause());
        } else {
            tally.contextEvents++;
        }
        for (Detection detection : detections) {
            if (newHour) {
                detection.reached(now, findings);
            }
            if (happening instanceof Happening.Flowed flowed) {
                detection.observe(flowed.event(), findings);
            } else if (happening instanceof Happening.Told told) {
                detection.told(told.event(), findings);
            }
        }
    }

    private void approve() {
        approved = true;
        for (Detection detection : detections) {
            if (detection instanceof SelfTaught learns) {
                learns.approve("evaluation", now);
            }
        }
    }

    private void note(FlowEvent event, Cause cause) {
        if (event instanceof FlowEvent.Opened) {
            // Everybody asks the resolver; a tunnel is at the domain that is asked for.
            boolean tunnel =
                    event.flow().protocol() == Protocol.DNS && cause.implant().isPresent();
            if (!tunnel) {
                note(event.flow().key(), event.flow().destination().name(), cause);
            }
        } else if (event instanceof FlowEvent.Asked asked) {
            note(event.flow().key(), asked.domain(), cause);
        }
        if (cause.implant().isPresent()) {
            follow(event, courses.computeIfAbsent(cause.implant().get(), Course::new));
        }
    }

    /** An implant's cause stays. */
    private void note(AppKey key, String destination, Cause cause) {
        Place place = new Place(key, destination);
        @Nullable Cause known = causes.get(place);
        if (known == null || (cause.implant().isPresent() && known.implant().isEmpty())) {
            causes.put(place, cause);
        }
    }

    private static void follow(FlowEvent event, Course course) {
        long at = event.atMillis();
        if (course.began < 0) {
            course.began = at;
            course.lastCheckIn = at - ONE_CHECK_IN;
        }
        if (event instanceof FlowEvent.Closed) {
            return;
        }
        if (at - course.lastCheckIn >= ONE_CHECK_IN) {
            course.checkIns++;
        }
        course.lastCheckIn = at;
        if (event instanceof FlowEvent.Exchanged exchanged) {
            course.bytesOut += exchanged.bytesOut();
        } else if (event instanceof FlowEvent.Asked asked) {
            course.bytesOut += asked.name().length();
        }
    }

    private void found(Finding finding) {
        if (finding.activity() == Finding.Activity.CLOSE) {
            return;
        }
        Place place = new Place(finding.key(), finding.destination());
        Cause cause =
                causes.getOrDefault(place, new Cause(finding.key().app(), "unknown destination", Optional.empty()));
        if (cause.implant().isPresent()) {
            caught(finding, courses.computeIfAbsent(cause.implant().get(), Course::new));
        } else {
            alarms.merge(
                    new Said(finding.analytic(), place, approved),
                    new Alarm(
                            finding.analytic(),
                            cause,
                            finding.destination(),
                            finding.score(),
                            approved,
                            finding.mayBlock()),
                    Trial::worse);
        }
    }

    private static Alarm worse(Alarm one, Alarm other) {
        Alarm worse = other.score() > one.score() ? other : one;
        return new Alarm(
                worse.analytic(),
                worse.cause(),
                worse.destination(),
                worse.score(),
                worse.approved(),
                one.mayBlock() || other.mayBlock());
    }

    private void caught(Finding finding, Course course) {
        Case before = course.cases.getOrDefault(
                finding.analytic(), new Case(finding.analytic(), course.implant, 0, -1, 0, 0));
        double score = Math.max(finding.score(), before.score());
        boolean first = !before.caught() && score >= Severity.MEDIUM.from();
        boolean blocks = finding.mayBlock() && !before.mayBlock();
        course.cases.put(
                finding.analytic(),
                new Case(
                        finding.analytic(),
                        course.implant,
                        score,
                        first ? Math.max(0, now - course.began) : before.caughtMillis(),
                        first ? course.checkIns : before.checkIns(),
                        first ? course.bytesOut : before.bytesOut(),
                        blocks ? Math.max(0, now - course.began) : before.blockMillis(),
                        blocks ? course.bytesOut : before.blockBytes()));
    }
}
