package io.postern.gateway.detect;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.detect.FlowLine.Question;
import java.net.InetAddress;

/**
 * A question to the gateway's own resolver, which is no flow.
 *
 * @param client where it came from
 * @param resolver address that was asked, RFC 5952
 * @param port that was asked
 */
public record Asked(AppTag who, InetAddress client, String resolver, int port, Question question) {}
