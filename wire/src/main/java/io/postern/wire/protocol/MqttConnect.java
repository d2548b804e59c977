package io.postern.wire.protocol;

/**
 * How an MQTT client opens; its id, user name and password are left where they are.
 *
 * @param level 3 (MQTT 3.1), 4 (3.1.1) or 5
 * @param keepAlive seconds, 0 for none
 * @param user whether it names a user
 * @param will whether it leaves a message for when it is gone
 */
public record MqttConnect(int level, int keepAlive, boolean user, boolean will) {}
