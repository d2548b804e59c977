package io.postern.wire.dialogue;

import static io.postern.wire.dialogue.Said.bytes;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneEndTest {

    private static final ClientLinesParser CLIENTS = new ClientLinesParser();
    private static final ServerLinesParser SERVERS = new ServerLinesParser();

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            EHLO a.example\\r\\n                          | SMTP
            lhlo a\\n                                     | SMTP
            NOOP\\r\\nMAIL FROM:<a@b.example> SIZE=3\\r\\n | SMTP
            RCPT TO:<a@b.example>\\r\\n                    | SMTP
            a001 CAPABILITY\\r\\n                         | IMAP
            . STARTTLS\\r\\n                              | IMAP
            A142.7 uid fetch 1 BODY[]\\r\\n               | IMAP
            CAPA\\r\\n                                    | POP3
            USER a\\r\\nPASS b\\r\\nSTAT\\r\\n              | POP3
            USER a\\r\\nPASS b\\r\\nLIST\\r\\n              | POP3
            USER a\\r\\nPASS b\\r\\nSYST\\r\\n              | FTP
            AUTH TLS\\r\\n                                | FTP
            PORT 192,0,2,1,4,1\\r\\n                      | FTP
            TYPE I\\r\\n                                  | FTP
            """)
    void clientsAreKnown(String said, Dialogue dialogue) {
        ParserContract.check(CLIENTS, bytes(said), dialogue);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\\r\\n",
                "NICK a\\r\\nUSER a 0 * :b\\r\\n",
                "USER a 0 * :b\\r\\n",
                "CAP REQ :twitch.tv/tags\\r\\n",
                "PASS oauth:x\\r\\nNICK a\\r\\n",
                "LIST\\r\\n",
                "STAT\\r\\n",
                "AUTHINFO USER a\\r\\n",
                "PING\\r\\n",
                "EHLO a b\\r\\n",
                "SSH-2.0-x\\r\\n",
                "GNUTELLA CONNECT/0.6\\r\\n",
                "CONNECT {\"verbose\":true}\\r\\n",
                "set key 0 0 5\\r\\n",
                "DESCRIBE rtsp://a/b RTSP/1.0\\r\\n",
                "REGISTER sip:a SIP/2.0\\r\\n",
                "*1\\r\\n$4\\r\\nPING\\r\\n",
                "mount 1\\0"
            })
    void clientsOfOthers(String said) {
        ParserContract.refuses(CLIENTS, bytes(said), new Parse.NotThis<>());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            220 mx.acme.example ESMTP Postfix\\r\\n                  | SMTP
            220 mx.acme.example LMTP\\r\\n                           | SMTP
            220 mx.acme.example\\r\\n250-mx.acme.example\\r\\n       | SMTP
            220 mx\\r\\n500 what?\\r\\n250 mx\\r\\n                  | SMTP
            250-mx.acme.example\\r\\n250-PIPELINING\\r\\n           | SMTP
            250 2.1.0 Ok\\r\\n                                       | SMTP
            354 End data with <CR><LF>.<CR><LF>\\r\\n                | SMTP
            220 (vsFTPd 3.0.3)\\r\\n                                 | FTP
            220---------- Welcome to Pure-FTPd ----------\\r\\n      | FTP
            220-Welcome\\r\\n of files\\r\\n220 ready\\r\\n331 who?\\r\\n | FTP
            331 Please specify the password.\\r\\n                   | FTP
            227 Entering Passive Mode (192,0,2,1,4,1)\\r\\n          | FTP
            * OK [CAPABILITY IMAP4rev2] ready\\r\\n                  | IMAP
            * 18 EXISTS\\r\\n                                        | IMAP
            * CAPABILITY IMAP4rev1\\r\\n                             | IMAP
            a002 OK LOGIN completed\\r\\n                            | IMAP
            +OK POP3 ready\\r\\n                                     | POP3
            """)
    void serversAreKnown(String said, Dialogue dialogue) {
        ParserContract.check(SERVERS, bytes(said), dialogue);
    }

    @Test
    void anExtendedPassiveModeIsFtps() {
        ParserContract.check(SERVERS, bytes("229 Entering Extended Passive Mode (|||1025|)\\r\\n"), Dialogue.FTP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+OK\\r\\n",
                "-ERR unknown command\\r\\n",
                "HTTP/1.1 200 OK\\r\\n",
                "200 news.example ready\\r\\n",
                "220 mx\\r\\n100 wait\\r\\n",
                "INFO {\\\"server_id\\\":1}\\r\\n",
                "RFB 003.008\\n",
                "RTSP/1.0 200 OK\\r\\n",
                "SIP/2.0 200 OK\\r\\n",
                "ICY 200 OK\\r\\n",
                ":irc.example 001 a :Welcome\\r\\n",
                "* text\\r\\n",
                "NOTICE AUTH :*** Looking up\\r\\n",
                "\\\"IMPLEMENTATION\\\" \\\"sieve\\\"\\r\\n",
                "J\\0\\0\\0\\n8.0.36\\0"
            })
    void serversOfOthers(String said) {
        ParserContract.refuses(SERVERS, bytes(said), new Parse.NotThis<>());
    }
}
