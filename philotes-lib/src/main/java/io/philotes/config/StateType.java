// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Kinds of state stores. */
public enum StateType {
    FILE
}
