package io.postern.wire.dialogue;

import static io.postern.wire.dialogue.Said.bytes;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshIdentificationParserTest {

    private static final SshIdentificationParser PARSER = new SshIdentificationParser();

    @Test
    void keepsTheContract() {
        ParserContract.check(
                PARSER,
                bytes("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\\r\\n"),
                new SshIdentification("2.0", "OpenSSH_9.2p1"));
        ParserContract.check(PARSER, bytes("SSH-1.99-Cisco-1.25\\n"), new SshIdentification("1.99", "Cisco-1.25"));
        ParserContract.check(
                PARSER, bytes("SSH-2.0-" + "x".repeat(245) + "\\r\\n"), new SshIdentification("2.0", "x".repeat(245)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-1.5-x\\r\\n", "SSH-2.1-x\\r\\n", "SSH\\r\\n", "\\r\\nSSH-2.0-x\\r\\n", "220 a\\r\\n"})
    void isNoneOfThese(String line) {
        ParserContract.refuses(PARSER, bytes(line), new Parse.NotThis<>());
    }

    @Test
    void whatBreaksItsRulesIsMalformed() {
        ParserContract.refuses(
                PARSER,
                bytes("SSH-2.0-" + "x".repeat(250)),
                new Parse.Malformed<>("identification longer than 255 bytes, RFC 4253 section 4.2"));
        Parse<SshIdentification> noText =
                new Parse.Malformed<>("identification is no line of text, RFC 4253 section 4.2");
        ParserContract.refuses(PARSER, bytes("SSH-2.0-a\\0\\r\\n"), noText);
        ParserContract.refuses(PARSER, bytes("SSH-2.0-\\r\\n"), noText);
    }
}
