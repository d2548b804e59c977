package io.postern.wire.dialogue;

import static io.postern.wire.dialogue.Said.bytes;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstCommandParserTest {

    private static final FirstCommandParser PARSER = new FirstCommandParser();

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            EHLO [192.0.2.1]\\r\\n             | SMTP
            helo device\\n                     | SMTP
            MAIL FROM:<>\\r\\n                 | SMTP
            NOOP\\r\\nnoop x\\r\\nEHLO a\\r\\n | SMTP
            \\r\\n\\nEHLO a\\r\\n                   | SMTP
            USER anonymous\\r\\n               | FTP
            auth TLS\\r\\n                     | FTP
            FEAT\\r\\n                         | FTP
            HELP\\r\\nSYST\\r\\n               | FTP
            """)
    void keepsTheContract(String commands, Dialogue dialogue) {
        ParserContract.check(PARSER, bytes(commands), dialogue);
    }

    @Test
    void behindABareOkPop3Tells() {
        ParserContract.check(FirstCommandParser.behindOk(), bytes("\\r\\ncapa\\r\\n"), Dialogue.POP3);
        ParserContract.check(FirstCommandParser.behindOk(), bytes("USER a\\r\\n"), Dialogue.POP3);
        ParserContract.refuses(FirstCommandParser.behindOk(), bytes("AUTH secret\\r\\n"), new Parse.NotThis<>());
        ParserContract.refuses(FirstCommandParser.behindOk(), bytes("PING\\r\\n"), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LHLO a\\r\\n",
                "EHLOS a\\r\\n",
                "NOOPS\\r\\n",
                "NOOP\\r\\nGET / HTTP/1.1\\r\\n",
                "EHLO \\0\\r\\n",
                "GET / HTTP/1.1\\r\\n",
                "a1 LOGIN a b\\r\\n",
                "SSH-2.0-x\\r\\n",
                "\\n\\022\\005",
                "\\r\\n x",
                "\\026\\003\\001\\0\\2\\1\\0"
            })
    void isNoneOfThese(String commands) {
        ParserContract.refuses(PARSER, bytes(commands), new Parse.NotThis<>());
    }

    @Test
    void whatNeverTellsIsBeyondOurLimit() {
        ParserContract.refuses(
                PARSER, bytes("NOOP\\r\\n".repeat(400)), new Parse.Malformed<>(FirstCommandParser.TOO_LONG));
        ParserContract.refuses(
                PARSER, bytes("EHLO " + "x".repeat(3000)), new Parse.Malformed<>(FirstCommandParser.TOO_LONG));
    }
}
