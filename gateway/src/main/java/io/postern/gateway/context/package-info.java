/**
 * What do others know of devices and apps? Takes in what sources tell over HTTP, each only of its devices and only what it
 * declared, keeps it on the disk before it is acknowledged, and hands it on. Knows {@code http} for the listener,
 * {@code facts} for the forms and {@code state} for the store; is known by the composition only.
 */
@NullMarked
package io.postern.gateway.context;

import org.jspecify.annotations.NullMarked;
