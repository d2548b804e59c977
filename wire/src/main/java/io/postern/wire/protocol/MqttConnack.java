package io.postern.wire.protocol;

/**
 * How an MQTT broker answers.
 *
 * @param code 0 for success; else the return code of 3.1.1 or the reason code of 5
 */
public record MqttConnack(int code) {}
