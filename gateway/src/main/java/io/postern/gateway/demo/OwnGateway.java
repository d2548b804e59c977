package io.postern.gateway.demo;

import io.postern.config.GatewaySettings;
import io.postern.config.policy.PolicyWatcher;
import io.postern.gateway.Gateway;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A gateway of this process. */
final class OwnGateway implements PlayedGateway {

    private static final Duration NEVER = Duration.ofDays(3_650);
    private static final long SEEN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOOK_NANOS = 20_000;

    private final DeviceClock clock;
    private final Gateway gateway;

    private OwnGateway(DeviceClock clock, Gateway gateway) {
        this.clock = clock;
        this.gateway = gateway;
    }

    /** @param real the machine's time, by which policy is looked for */
    static OwnGateway start(GatewaySettings settings, long beginMillis, Clock real) throws IOException {
        DeviceClock devices = new DeviceClock(beginMillis);
        return new OwnGateway(
                devices,
                Gateway.start(
                        settings,
                        new PolicyWatcher(
                                settings.policy().files(), settings.policy().base(), real),
                        devices,
                        Detecting.five(settings.analytics(), finding -> {}).map(OwnGateway::savingNothing)));
    }

    /** Five minutes of device time pass in a moment, and after the last nobody starts this gateway again. */
    private static Detecting savingNothing(Detecting shipped) {
        HomeSettings as = shipped.settings();
        return new Detecting(
                new HomeSettings(as.homes(), as.queue(), as.alive(), as.devices(), NEVER, as.kept()),
                shipped.detections(),
                shipped.sink());
    }

    @Override
    public InetSocketAddress address(String listener) {
        InetSocketAddress address = gateway.addresses().get(listener);
        if (address == null) {
            throw new IllegalStateException("no listener " + listener);
        }
        return address;
    }

    @Override
    public URI admin() {
        return URI.create("http://127.0.0.1:" + gateway.adminAddress().getPort());
    }

    @Override
    public void reach(long millis) {
        clock.reach(millis);
    }

    @Override
    public long millis() {
        return clock.millis();
    }

    @Override
    public void catchUp() {
        gateway.catchUp();
    }

    @Override
    public void awaitFlows(int alive) throws IOException {
        long until = System.nanoTime() + SEEN_NANOS;
        while (gateway.liveFlows() > alive) {
            if (System.nanoTime() - until >= 0) {
                throw new IOException("the gateway did not see a flow end");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void stop() {
        gateway.drain();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
