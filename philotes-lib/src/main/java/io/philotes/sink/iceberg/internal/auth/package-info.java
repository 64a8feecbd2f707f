// SPDX-License-Identifier: Apache-2.0

/**
 * Signs requests to a REST catalog in. Iceberg's own way asks for a new token ahead of time and in the background; when that
 * fails for a few seconds it never asks again. Here each request asks for what is valid now, so what failed is tried again
 * with the next one. Start with {@link io.philotes.sink.iceberg.internal.auth.TokenAuthManager}.
 */
package io.philotes.sink.iceberg.internal.auth;
