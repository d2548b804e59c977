package io.postern.gateway.radius;

import io.postern.wire.radius.RadiusAttribute;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** An Accounting-Request as a VPN server makes it, written apart from what reads it. */
public final class TestingAccounting {

    public static final int START = 1;
    public static final int STOP = 2;
    public static final int INTERIM = 3;
    public static final int ON = 7;

    private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();
    private final int identifier;

    static TestingAccounting start(int identifier, String session, String user, String address) {
        return accounting(identifier, TestingAccounting.START, session, user).address(address);
    }

    static TestingAccounting stop(int identifier, String session) {
        return new TestingAccounting(identifier, TestingAccounting.STOP).session(session);
    }

    static TestingAccounting accounting(int identifier, int status, String session, String user) {
        return new TestingAccounting(identifier, status).session(session).user(user);
    }

    public TestingAccounting(int identifier, int status) {
        this.identifier = identifier;
        number(RadiusAttribute.ACCT_STATUS_TYPE, status);
    }

    public TestingAccounting session(String id) {
        return text(RadiusAttribute.ACCT_SESSION_ID, id);
    }

    public TestingAccounting user(String name) {
        return text(RadiusAttribute.USER_NAME, name);
    }

    public TestingAccounting address(String address) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes(
                    bytes.length == 4 ? RadiusAttribute.FRAMED_IP_ADDRESS : RadiusAttribute.FRAMED_IPV6_ADDRESS, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Framed-IPv6-Prefix. */
    public TestingAccounting prefix(String address, int length) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes(
                    RadiusAttribute.FRAMED_IPV6_PREFIX,
                    ByteBuffer.allocate(18)
                            .put((byte) 0)
                            .put((byte) length)
                            .put(bytes)
                            .array());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public TestingAccounting at(long unixSeconds) {
        return number(RadiusAttribute.EVENT_TIMESTAMP, unixSeconds);
    }

    public TestingAccounting delayed(long seconds) {
        return number(RadiusAttribute.ACCT_DELAY_TIME, seconds);
    }

    public TestingAccounting text(int type, String value) {
        return bytes(type, value.getBytes(StandardCharsets.US_ASCII));
    }

    public TestingAccounting number(int type, long value) {
        return bytes(type, ByteBuffer.allocate(4).putInt((int) value).array());
    }

    private TestingAccounting bytes(int type, byte[] value) {
        attributes.write(type);
        attributes.write(value.length + 2);
        attributes.writeBytes(value);
        return this;
    }

    public byte[] signed(String secret) {
        byte[] all = ByteBuffer.allocate(20 + attributes.size())
                .put((byte) 4)
                .put((byte) identifier)
                .putShort((short) (20 + attributes.size()))
                .put(new byte[16])
                .put(attributes.toByteArray())
                .array();
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(all);
            md5.update(secret.getBytes(StandardCharsets.US_ASCII));
            System.arraycopy(md5.digest(), 0, all, 4, 16);
            return all;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
