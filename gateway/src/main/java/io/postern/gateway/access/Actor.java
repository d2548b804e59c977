package io.postern.gateway.access;

import io.postern.config.AdminRole;

/**
 * Somebody who was recognised.
 *
 * @param name of the token or the certificate, as the audit log has it
 */
public record Actor(String name, AdminRole role) {}
