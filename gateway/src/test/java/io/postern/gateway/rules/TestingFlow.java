package io.postern.gateway.rules;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.util.Optional;

/** A flow that rules are asked about, and how much of it is known when they are. */
record TestingFlow(AppTag tag, Optional<String> verified, Optional<String> claimed, String address, int port) {

    /** Of the mail app on LC01, to 198.51.100.7:443. */
    static TestingFlow mail() {
        return new TestingFlow(
                new AppTag("LC01", "work", "com.acme.mail", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED),
                Optional.empty(),
                Optional.empty(),
                "198.51.100.7",
                443);
    }

    TestingFlow at(String elsewhere, int otherPort) {
        return new TestingFlow(tag, verified, claimed, elsewhere, otherPort);
    }

    TestingFlow named(String name) {
        return new TestingFlow(tag, Optional.of(name), claimed, address, port);
    }

    TestingFlow on(String device) {
        AppTag other = new AppTag(device, tag.profile(), tag.app(), tag.deviceAssurance(), tag.appAssurance());
        return new TestingFlow(other, verified, claimed, address, port);
    }

    TestingFlow claiming(String name) {
        return new TestingFlow(tag, verified, Optional.of(name), address, port);
    }

    /** Before it is resolved. */
    Question asAsked() {
        return Question.atOpen(tag, verified, Optional.empty(), port);
    }

    Question atOpen() {
        return Question.atOpen(tag, verified, Optional.of(ip()), port);
    }

    Question speaking(Protocol protocol) {
        return new Question(tag, verified, claimed, Optional.of(ip()), port, Optional.of(protocol), Basis.BYTES);
    }

    private InetAddress ip() {
        return ((HostText.Literal) HostText.of(address)).address();
    }
}
