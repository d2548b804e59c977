package io.postern.wire.dialogue;

import static io.postern.wire.dialogue.Said.bytes;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GreetingParserTest {

    private static final GreetingParser PARSER = new GreetingParser();

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            220 mx.acme.example ESMTP Postfix (Debian)\\r\\n      | SMTP
            220-mx.acme.example esmtp ready\\n                    | SMTP
            220 mx.acme.example SMTP\\r\\n                        | SMTP
            220 mx.acme.example\\r\\n                             | SMTP_OR_FTP
            220 smtp.acme.example ready\\r\\n                     | SMTP_OR_FTP
            220 ESMTP\\r\\n                                       | SMTP_OR_FTP
            220 files behind the SMTP host FTP server\\r\\n       | SMTP_OR_FTP
            220 (vsFTPd 3.0.3)\\r\\n                              | SMTP_OR_FTP
            220-Welcome\\r\\n                                     | SMTP_OR_FTP
            '220 \\r\\n'                                          | SMTP_OR_FTP
            * OK [CAPABILITY IMAP4rev2] ready\\r\\n               | IMAP
            * preauth hello, \\351\\r\\n                          | IMAP
            * BYE not now\\r\\n                                   | IMAP
            +OK\\r\\n                                             | BARE_OK
            '+OK \\n'                                            | BARE_OK
            +ok <1896.697170952@dbc.mtview.ca.us>\\r\\n           | POP3
            """)
    void keepsTheContract(String greeting, Greeting meaning) {
        ParserContract.check(PARSER, bytes(greeting), meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "554 no service here\\r\\n",
                "220\\r\\n",
                "2200 \\r\\n",
                "* NO\\r\\n",
                "*OK \\r\\n",
                "+OKAY\\r\\n",
                "+OK \\0\\r\\n",
                "220 a\\rb\\r\\n",
                "SSH-2.0-x\\r\\n",
                "HTTP/1.1 200 OK\\r\\n",
                "RFB 003.008\\n",
                "\\026\\003\\003\\0\\2\\1\\0",
                "J\\0\\0\\0\\n8.0.36\\0"
            })
    void isNoneOfThese(String greeting) {
        ParserContract.refuses(PARSER, bytes(greeting), new Parse.NotThis<>());
    }

    @Test
    void aGreetingThatDoesNotEndIsBeyondOurLimit() {
        ParserContract.refuses(
                PARSER,
                bytes("* OK " + "x".repeat(GreetingParser.LONGEST)),
                new Parse.Malformed<>(GreetingParser.TOO_LONG));
        ParserContract.refuses(
                PARSER,
                bytes("220-" + "x".repeat(GreetingParser.LONGEST - 5) + "\\rx"),
                new Parse.Malformed<>(GreetingParser.TOO_LONG));
        ParserContract.check(PARSER, bytes("+OK " + "x".repeat(GreetingParser.LONGEST - 5) + "\\n"), Greeting.POP3);
    }
}
