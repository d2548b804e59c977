package io.postern.gateway.demo;

import io.postern.gateway.demo.Errand.Credentials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What happens in the demo: a handful of managed devices go about their day, and a few clients try what they should
 * not. The same seed gives the same errands in the same order.
 */
final class Scenario {

    private static final String[] DEVICES = {"LC01", "LC02", "LC03", "LC04"};

    private final Random random;
    private final List<Errand> errands = new ArrayList<>();

    private Scenario(long seed) {
        random = new Random(seed);
    }

    static List<Errand> of(long seed) {
        Scenario scenario = new Scenario(seed);
        for (String device : DEVICES) {
            scenario.day(device);
        }
        scenario.strangers();
        Collections.shuffle(scenario.errands, scenario.random);
        return List.copyOf(scenario.errands);
    }

    private void day(String device) {
        some(6, device, "com.acme.mail", Speech.TLS, "mail.acme.example", 993, 900, 12_000);
        some(2, device, "com.acme.mail", Speech.SERVER_FIRST, "smtp.acme.example", 587, 300, 500);
        some(5, device, "com.acme.files", Speech.TLS, "www.dropbox.com", 443, 40_000, 2_000);
        some(8, device, "org.chromium.browser", Speech.TLS, "news.example", 443, 2_000, 60_000);
        some(3, device, "org.chromium.browser", Speech.HTTP, "plain.example", 80, 0, 20_000);
        some(3, device, "com.acme.chat", Speech.OPAQUE, "chat.acme.example", 5222, 400, 400);
        some(2, device, "-", Speech.HTTP, "connectivitycheck.gstatic.com", 80, 0, 0);
        some(2, device, "com.games.puzzle", Speech.TLS, "www.dropbox.com", 443, 30_000, 500);
        some(4, device, "com.games.puzzle", Speech.TLS, "sync.puzzle.example", 4444, 1_500, 700);
        some(1, device, "com.acme.files", Speech.HTTP_TUNNELLED, "files.acme.example", 8088, 0, 4_000);
    }

    private void strangers() {
        add("-", "-", Credentials.NONE, Speech.TLS, "news.example", 443);
        add("LC02", "com.acme.mail", Credentials.EXPIRED, Speech.TLS, "mail.acme.example", 993);
        add("LC03", "com.acme.mail", Credentials.FORGED, Speech.TLS, "mail.acme.example", 993);
        add("LC04", "com.games.puzzle", Credentials.TAG, Speech.HTTP, "169.254.169.254", 80);
        add("LC04", "com.games.puzzle", Credentials.TAG, Speech.TLS, "router.lan.example", 443);
        add("LC01", "com.games.puzzle", Credentials.TAG, Speech.OPAQUE, "mail.acme.example", 25);
    }

    private void some(int about, String device, String app, Speech speech, String host, int port, int up, int down) {
        int times = about + random.nextInt(about + 1);
        for (int i = 0; i < times; i++) {
            errands.add(new Errand(device, app, Credentials.TAG, speech, host, port, vary(up), vary(down)));
        }
    }

    private void add(String device, String app, Credentials credentials, Speech speech, String host, int port) {
        errands.add(new Errand(device, app, credentials, speech, host, port, 200, 200));
    }

    private int vary(int bytes) {
        return bytes == 0 ? 0 : bytes / 2 + random.nextInt(bytes);
    }
}
