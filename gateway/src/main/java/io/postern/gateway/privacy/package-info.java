/**
 * What devices are called where what is known of them leaves the gateway, and who may ask which device that is. Knows records,
 * quarantine and the store; is known by those who write and answer.
 */
@NullMarked
package io.postern.gateway.privacy;

import org.jspecify.annotations.NullMarked;
