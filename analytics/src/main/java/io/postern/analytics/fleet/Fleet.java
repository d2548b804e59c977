package io.postern.analytics.fleet;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;

/** A simulated fleet. The same settings give the same fleet, whichever of its devices are asked for and in which order. */
public final class Fleet {

    private final FleetSettings settings;

    public Fleet(FleetSettings settings) {
        this.settings = settings;
    }

    public FleetSettings settings() {
        return settings;
    }

    /** What happens on one device, in order of time; one of its days is held at a time. */
    public Iterator<Happening> device(int index) {
        return new Phone(settings, index);
    }

    /** What is hidden on this device. */
    public Optional<Implant> implant(int index) {
        return new Phone(settings, index).implant();
    }

    public static String deviceId(int index) {
        return "sim" + (10_000 + index);
    }

    /** What happens on all devices, in order of time; a day of each is held, some 200 KB a device. */
    public Iterator<Happening> merged() {
        PriorityQueue<Ahead> queue = new PriorityQueue<>(
                Comparator.comparingLong((Ahead each) -> each.next.atMillis()).thenComparingInt(each -> each.device));
        for (int i = 0; i < settings.devices(); i++) {
            Iterator<Happening> device = device(i);
            if (device.hasNext()) {
                queue.add(new Ahead(i, device));
            }
        }
        return new Merged(queue);
    }

    /** A device and what happens on it next. */
    private static final class Ahead {
        private final int device;
        private final Iterator<Happening> rest;
        private Happening next;

        Ahead(int device, Iterator<Happening> rest) {
            this.device = device;
            this.rest = rest;
            this.next = rest.next();
        }
    }

    private record Merged(PriorityQueue<Ahead> queue) implements Iterator<Happening> {
        @Override
        public boolean hasNext() {
            return !queue.isEmpty();
        }

        @Override
        public Happening next() {
            Ahead first = queue.poll();
            if (first == null) {
                throw new NoSuchElementException();
            }
            Happening happening = first.next;
            if (first.rest.hasNext()) {
                first.next = first.rest.next();
                queue.add(first);
            }
            return happening;
        }
    }
}
