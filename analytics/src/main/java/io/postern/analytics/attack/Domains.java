package io.postern.analytics.attack;

import io.postern.analytics.instrument.Asking;
import io.postern.analytics.sketch.Prevalence;
import io.postern.analytics.state.Questions;

/**
 * On how many devices of the fleet a domain is asked for again and again, and on how many of those as hosts are: by few names,
 * or to connect to them. A tunnel is asked for by many names and connected to by nobody, on however many devices it is; and
 * one question, which anybody can have a device ask by a picture in a mail, is none of either. Bounded.
 */
final class Domains {

    private static final int MOST = 200_000;
    /** Of questions one in so many counts: the first only tells that a device can be made to ask. */
    private static final int QUESTIONS = 8;

    private static final double FEW_NAMES = 4;
    private static final double FEW_SHARE = 0.02;
    private static final String AS_A_HOST = "host";

    private final Prevalence devices = new Prevalence(MOST);

    /** Whether the question that was just asked is one that counts, and at which what the device asks is to be weighed. */
    static boolean counts(long asked) {
        return asked % QUESTIONS == 0;
    }

    /** What a device has asked so far below one domain; again now and then, since what is counted here does not outlive a restart. */
    void asked(Device device, int at, String domain) {
        Questions questions = device.state.questions();
        boolean fewNames = Asking.distinct(questions.words(at), questions.asking(at)) <= FEW_NAMES;
        if (fewNames || device.state.connected(domain)) {
            devices.seen(device.id, AS_A_HOST, domain);
        } else {
            devices.seen(device.id, "", domain);
        }
    }

    /** Devices that ask for it again and again. */
    long asking(String domain) {
        return devices.devices(domain);
    }

    /** Those of them that use it as hosts are used. */
    long asAHost(String domain) {
        return devices.devices(AS_A_HOST, domain);
    }

    /** What is used by no more devices than these is rare: two, in a large fleet 2 % of those that ask for anything. */
    long few() {
        return Math.max(Whereabouts.FEW, (long) (FEW_SHARE * devices.devices()));
    }

    int size() {
        return devices.size();
    }

    long evicted() {
        return devices.evicted();
    }
}
